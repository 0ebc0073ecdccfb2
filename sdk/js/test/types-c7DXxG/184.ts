// completedoc/vars
import type { Entrypoints } from "./184.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":[1,2]};
export {};
