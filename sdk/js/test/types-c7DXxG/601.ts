// jsonbuiltins/yaml unmarshal error
import type { Entrypoints } from "./601.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
