// jwtencodesignpayloaderrors/Payload JSON Error
import type { Entrypoints } from "./701.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
