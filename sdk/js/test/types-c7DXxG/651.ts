// jwtbuiltins/complex-values
import type { Entrypoints } from "./651.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [{"alg":"HS256","typ":"JWT"},{"ext":{"abc":"123","cba":[10,"10"]},"iss":"opa","sub":"0"},"208c45fae27a8b82b90e3ef5c4d2e751ea81f639ae8e5eae8d32278628b53f11"];
export {};
