// negation/not-body: explicit body, enumeration (some .. in)
import type { Entrypoints } from "./967.policy.js";
const answer: Entrypoints["negation"]["result"] = {"q":true};
export {};
