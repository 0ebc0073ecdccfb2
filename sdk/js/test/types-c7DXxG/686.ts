// jwtdecodeverify/hs256-float-one-second-before-exp
import type { Entrypoints } from "./686.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"HS256","typ":"JWT"},{"exp":1589385771.1234,"iss":"xxx"}];
export {};
