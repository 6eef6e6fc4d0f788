import { useEffect, useState } from 'preact/hooks';

/** The present, renewed every `interval` ms, so that ages on the screen stay true. */
export function useNow(interval = 15_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), interval);
    return () => clearInterval(timer);
  }, [interval]);
  return now;
}
