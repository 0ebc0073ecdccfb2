// partialdocconstants/set-all
import type { Entrypoints } from "./1107.policy.js";
const answer: Entrypoints["ex/bar"]["result"] = ["x","y"];
export {};
