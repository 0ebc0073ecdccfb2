// negation/not-body: explicit body, local var assignment override
import type { Entrypoints } from "./964.policy.js";
const answer: Entrypoints["negation/p"]["result"] = true;
export {};
