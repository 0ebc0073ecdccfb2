// baseandvirtualdocs/enumerate/keys only in virtual doc still yielded
import type { Entrypoints } from "./138.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["b","c","d"];
export {};
