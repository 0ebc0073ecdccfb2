// regex.replace: bad regex pattern: Syntax error
import type { Entrypoints } from "./1206.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
