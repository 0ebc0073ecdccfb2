// comprehensions/object embedded object
import type { Entrypoints } from "./209.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["2","3","4"];
export {};
