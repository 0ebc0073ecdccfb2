// baseandvirtualdocs/enumerate/key in base and virtual doc yielded once
import type { Entrypoints } from "./136.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["b","c"];
export {};
