// regexfind/finds no matching values
import type { Entrypoints } from "./1192.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[]];
export {};
