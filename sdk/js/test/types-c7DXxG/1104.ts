// partialdocconstants/obj-all
import type { Entrypoints } from "./1104.policy.js";
const answer: Entrypoints["ex/foo"]["result"] = {"bar":0,"baz":1};
export {};
