// jwtbuiltins/double-nested
import type { Entrypoints } from "./650.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [{"alg":"HS256","typ":"JWT"},{"iss":"opa","sub":"0"},"5e65682e81c8de9c4cb4c3bf59138d3122731940cff690e3cbc269d3fb5d4576"];
export {};
