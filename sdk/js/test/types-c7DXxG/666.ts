// jwtdecodeverify/rsa256-nested
import type { Entrypoints } from "./666.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"RS256","typ":"JWT"},{"iss":"xxx"}];
export {};
