// netcidrcontains/cidr does not contain subnet partial ipv6
import type { Entrypoints } from "./985.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false];
export {};
