// jwtdecodeverify/hs256-float-exp-valid
import type { Entrypoints } from "./681.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"HS256","typ":"JWT"},{"exp":3000.2,"iss":"xxx"}];
export {};
