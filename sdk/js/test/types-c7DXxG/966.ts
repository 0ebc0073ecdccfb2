// negation/not-body: explicit body, enumeration
import type { Entrypoints } from "./966.policy.js";
const answer: Entrypoints["negation"]["result"] = {"q":true};
export {};
