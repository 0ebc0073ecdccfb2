// negation/not-body: explicit body, nested negation
import type { Entrypoints } from "./965.policy.js";
const answer: Entrypoints["negation"]["result"] = {"a":true,"c":true};
export {};
