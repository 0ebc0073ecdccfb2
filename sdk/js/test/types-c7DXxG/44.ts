// aggregates/member operator precedence with other infix operator (+)
import type { Entrypoints } from "./44.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
