export function withoutSalt(text: string): string;
export function forgetSalts(directory: string): Promise<void>;
