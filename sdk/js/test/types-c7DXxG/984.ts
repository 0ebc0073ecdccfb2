// netcidrcontains/cidr contains subnet ipv6
import type { Entrypoints } from "./984.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};
