// partialdocconstants/set
import type { Entrypoints } from "./1106.policy.js";
const answer: Entrypoints["ex/bar"]["result"] = ["x","y"];
export {};
