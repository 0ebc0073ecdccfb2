// rendertemplate/missingkey
import type { Entrypoints } from "./1226.policy.js";
const answer: Entrypoints["test/p"]["result"] = "<undefined>";
export {};
