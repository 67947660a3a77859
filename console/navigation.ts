/** Views have paths of their own, and filters are in the query, so that every view can be linked. */
import { useEffect, useState } from 'preact/hooks';

const changed = 'bucket-brigade:navigated';

export function navigate(path: string, isReplacement = false): void {
  history[isReplacement ? 'replaceState' : 'pushState'](null, '', path);
  dispatchEvent(new Event(changed));
}

/** The address of the page, as the user and the links change it. */
export function useAddress(): URL {
  const [href, setHref] = useState(location.href);
  useEffect(() => {
    const read = () => setHref(location.href);
    for (const name of ['popstate', changed]) addEventListener(name, read);
    return () => {
      for (const name of ['popstate', changed]) removeEventListener(name, read);
    };
  }, []);
  return new URL(href);
}

/** Follows a link within the page, but leaves new tabs and windows to the browser. */
export function follow(event: MouseEvent): void {
  const { href } = event.currentTarget as HTMLAnchorElement;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  navigate(href);
}
