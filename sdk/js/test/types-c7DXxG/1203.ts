// regexmatchtemplate/matches wildcard with {}
import type { Entrypoints } from "./1203.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};
