// regexfindallstringsubmatch/large input
import type { Entrypoints } from "./1199.policy.js";
const answer: Entrypoints["test/p"]["result"] = [["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabc"]];
const given = {"long":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabc"};
const input: Entrypoints["test/p"]["input"] = given;
export {};
