// baseandvirtualdocs/enumerate virtual errors
import type { Entrypoints } from "./135.policy.js";
const answer: Entrypoints["enum_errors/caller/p"]["result"] = {"b":{"c":{}}};
export {};
