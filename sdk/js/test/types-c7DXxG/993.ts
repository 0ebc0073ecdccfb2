// netcidrcontainsmatches/sets of tuples
import type { Entrypoints } from "./993.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[["1.1.1.0/24","bar"],["1.1.1.1","baz"]],[["1.1.2.0/24","foo"],["1.1.2.1","qux"]]];
export {};
