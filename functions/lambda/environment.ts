import process from 'node:process';

/** @throws {Error} for a variable that the stack should have set */
export function required(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  throw new Error(`The environment variable ${name} is not set.`);
}
