// partialdocconstants/obj
import type { Entrypoints } from "./1103.policy.js";
const answer: Entrypoints["ex/foo"]["result"] = {"bar":0,"baz":1};
export {};
