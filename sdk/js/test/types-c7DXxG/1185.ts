// regexfind/finds all match values
import type { Entrypoints } from "./1185.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["ar","an","al"];
export {};
