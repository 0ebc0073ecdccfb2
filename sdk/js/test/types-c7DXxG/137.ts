// baseandvirtualdocs/enumerate/key in base and virtual doc yielded once at data root
import type { Entrypoints } from "./137.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["b","c"];
export {};
