// jwtdecodeverify/ps256-alg-ok
import type { Entrypoints } from "./657.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"PS256","typ":"JWT"},{"iss":"xxx"}];
export {};
