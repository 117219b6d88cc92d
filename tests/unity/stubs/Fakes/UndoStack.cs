// UndoStack: really takes steps back: what was recorded gets its old values, what was created is destroyed.
using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace UnityFakes
{
    public static class UndoStack
    {
        private static readonly MethodInfo Clone =
            typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic);

        private static readonly List<Step> Steps = new List<Step>();

        public static int Group { get; set; }

        public static Dictionary<int, string> Names { get; } = new Dictionary<int, string>();

        /// <summary>The steps in order: group, what, on which object, under which name.</summary>
        public static IEnumerable<(int Group, string Kind, string Object, string Name)> All =>
            Steps.Select(step => (step.Group, step.Kind, step.Object, step.Name));

        /// <summary>Forgets every step.</summary>
        public static void Clear()
        {
            Steps.Clear();
            Names.Clear();
        }

        public static void Record(UnityEngine.Object it, string name)
        {
            if (!it)
            {
                throw new ArgumentNullException(nameof(it));
            }
            Add("Record", it, name, Snapshot(it));
        }

        public static void Created(UnityEngine.Object it, string name) =>
            Add("Created", it, name, () => UnityEngine.Object.DestroyImmediate(it));

        public static void Collapse(int group)
        {
            foreach (var step in Steps.Where(step => step.Group > group))
            {
                step.Group = group;
            }
        }

        /// <summary>Takes back the last group.</summary>
        public static void Back()
        {
            if (Steps.Count == 0)
            {
                return;
            }
            int group = Steps[Steps.Count - 1].Group;
            while (Steps.Count > 0 && Steps[Steps.Count - 1].Group == group)
            {
                Steps[Steps.Count - 1].Undo();
                Steps.RemoveAt(Steps.Count - 1);
            }
        }

        private static void Add(string kind, UnityEngine.Object it, string name, Action undo) => Steps.Add(new Step
        {
            Group = Group, Kind = kind, Object = it.GetType().Name, Name = name, Undo = undo,
        });

        private static Action Snapshot(UnityEngine.Object it)
        {
            var old = World.FieldsOf(it.GetType()).Select(field => (field, Copy(field.GetValue(it)))).ToArray();
            return () =>
            {
                foreach (var (field, value) in old)
                {
                    Restore(it, field, value);
                }
            };
        }

        // Collections are copied, what they hold is not: as deep as the fakes go.
        private static object Copy(object value)
        {
            if (value is IDictionary map)
            {
                return map.Keys.Cast<object>().Select(key => (key, map[key])).ToArray();
            }
            if (value is IList list && !(value is Array))
            {
                return list.Cast<object>().ToArray();
            }
            // A plain object that an asset holds, such as a volume's parameter, is part of it.
            bool plain = value != null && value.GetType().IsClass && !(value is UnityEngine.Object) && !(value is string)
                && !(value is Delegate);
            return plain ? Clone.Invoke(value, null) : value;
        }

        private static void Restore(UnityEngine.Object it, FieldInfo field, object value)
        {
            if (field.GetValue(it) is IDictionary map)
            {
                map.Clear();
                foreach (var (key, one) in ((object, object)[])value)
                {
                    map[key] = one;
                }
            }
            else if (field.GetValue(it) is IList list && !(list is Array))
            {
                list.Clear();
                foreach (object one in (object[])value)
                {
                    list.Add(one);
                }
            }
            else
            {
                field.SetValue(it, value);
            }
        }

        private sealed class Step
        {
            public int Group { get; set; }

            public string Kind { get; set; }

            public string Object { get; set; }

            public string Name { get; set; }

            public Action Undo { get; set; }
        }
    }
}
