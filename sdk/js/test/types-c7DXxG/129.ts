// baseandvirtualdocs/base/virtual: ground key
import type { Entrypoints } from "./129.policy.js";
const answer: Entrypoints["topdown/q"]["result"] = [["c","p",1],["c","q",3],["c","x",100]];
export {};
