// logic_op/or/single-result: nested or, all branches succeed contributes one element
import type { Entrypoints } from "./920.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1];
export {};
