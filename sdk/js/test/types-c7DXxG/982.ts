// netcidrcontains/cidr does not contain subnet partial
import type { Entrypoints } from "./982.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false];
export {};
