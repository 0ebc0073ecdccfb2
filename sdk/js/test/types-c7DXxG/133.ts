// baseandvirtualdocs/iterate ground
import type { Entrypoints } from "./133.policy.js";
const answer: Entrypoints["topdown/iterate_ground"]["result"] = ["p","r"];
export {};
