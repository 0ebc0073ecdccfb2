// partialdocconstants/obj-1
import type { Entrypoints } from "./1102.policy.js";
const answer: Entrypoints["ex/foo/bar"]["result"] = 0;
export {};
