// eqexpr/var: ref ground var
import type { Entrypoints } from "./305.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [3];
export {};
