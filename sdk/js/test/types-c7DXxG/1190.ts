// regexfind/regex with overlapping matches
import type { Entrypoints } from "./1190.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["ab","ac","ad","ae","af"];
export {};
