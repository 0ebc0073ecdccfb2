// partialdocconstants/set-1
import type { Entrypoints } from "./1105.policy.js";
const answer: Entrypoints["ex/bar/x"]["result"] = "x";
export {};
