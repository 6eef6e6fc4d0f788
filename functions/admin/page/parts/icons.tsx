/** All icons are decoration beside a text, hence hidden from assistive technology. */
const icon =
  (d: string, size = 16, dashes?: string) =>
  () => (
    <svg class="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={d} stroke-dasharray={dashes} />
    </svg>
  );

const RING = 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13';

/** A disc with a tick. */
export const CheckIcon = icon(`${RING}M5 8.2l2.2 2.2L11.2 6`);

/** A clock. */
export const ClockIcon = icon(`${RING}M8 4.5V8l2.5 1.8`);

/** An octagon with a cross: no other sign has this outline. */
export const StopIcon = icon('M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3zM6 6l4 4m0-4-4 4');

/** An empty, broken ring. */
export const EmptyIcon = icon(`${RING}M5.5 8h5`, 16, '3 2.1');

/** A triangle with a mark. */
export const WarningIcon = icon('M8 1.8 15 14H1zM8 6v4m0 1.8v.2');

export const ShieldIcon = icon(
  'M8 1.5 13.5 3.5v4c0 3.4-2.3 5.8-5.5 7-3.2-1.2-5.5-3.6-5.5-7v-4zM5.8 7.8l1.7 1.7 2.9-3',
  14,
);
export const ChevronIcon = icon('m5.5 3 5 5-5 5', 12);
export const CloseIcon = icon('m4 4 8 8m0-8-8 8');
export const DownloadIcon = icon('M8 2v8m-3.5-3L8 10.5 11.5 7M2.5 13.5h11', 14);
export const PlusIcon = icon('M8 3v10M3 8h10', 14);
