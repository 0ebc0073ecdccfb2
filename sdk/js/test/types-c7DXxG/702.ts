// jwtencodesignpayloaderrors/Non JSON Error
import type { Entrypoints } from "./702.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
