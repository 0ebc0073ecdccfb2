// regexsplit/regex.split: repeat pattern
import type { Entrypoints } from "./1216.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["pi","a"];
export {};
