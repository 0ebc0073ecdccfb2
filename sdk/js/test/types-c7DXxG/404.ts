// functions/omit result
import type { Entrypoints } from "./404.policy.js";
const answer: Entrypoints["test/omit_result/p"]["result"] = true;
export {};
