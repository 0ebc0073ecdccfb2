// objectunion/conflict multiple
import type { Entrypoints } from "./1099.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":{"b":"foo","b1":"bar"},"d":7,"e":17};
export {};
