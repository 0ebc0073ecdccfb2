// arithmetic/remainder+error+floating
import type { Entrypoints } from "./76.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
