import { ComponentStateMark } from '../parts/StateMark.tsx';
import { useWords } from '../words/Words.tsx';
import type { MapNode } from './graph/nodes.ts';

/** An element in a list: its name first, then what is wrong with it. */
export function NodeLine({ node, facts = [] }: { node: MapNode; facts?: string[] }) {
  const { t, say } = useWords();
  const isCare = node.kind === 'careFunction';
  return (
    <>
      <ComponentStateMark state={node.state} isCare={isCare} wordless />
      <span className="node-line">
        <span>{say(node.name)}</span>
        {node.state !== 'up' && (
          <span className="node-line-state" data-state={node.state} aria-hidden="true">
            {(isCare ? t.map.supply : t.map.states)[node.state]}
          </span>
        )}
        {facts.length > 0 && <span className="soft">{facts.join(' · ')}</span>}
      </span>
    </>
  );
}
