// jwtencodesignpayloaderrors/No Payload
import type { Entrypoints } from "./700.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
