// netcidrcontains/cidr does not contain subnet ipv6
import type { Entrypoints } from "./986.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false];
export {};
